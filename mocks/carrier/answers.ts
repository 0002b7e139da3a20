/**
 * What the carriers of Logto's SMS connectors answer, by the id of the connector.
 *
 * The shapes are those of the carriers' published API references; the connectors' own guards agree with them where
 * they have one (Aliyun `sendSmsResponseGuard`, Tencent `tencentSuccessResponse`, Yunpian `yunpianErrorResponseGuard`).
 */
import type { HttpAnswer } from '../fault.ts';

/** A refusal, and a part of it that must reach whoever operates Logto. */
export type Refusal = HttpAnswer & { reason: string };

export interface CarrierAnswers {
  /** Taken for sending. */
  success: HttpAnswer;
  /** Refused with a status of success: the answer's body says so. */
  refusal?: Refusal;
  /** Refused with an error status, as this carrier words it. */
  error?: Refusal;
  source: string;
}

const json = (body: unknown, status = 200): HttpAnswer => ({ status, headers: {}, body });

export const carrierAnswers: Record<string, CarrierAnswers> = {
  'twilio-short-message-service': {
    success: json(
      {
        account_sid: 'AC0123456789abcdef0123456789abcdef',
        api_version: '2010-04-01',
        body: 'code 123456',
        date_created: 'Fri, 03 Nov 2023 10:00:00 +0000',
        date_sent: null,
        date_updated: 'Fri, 03 Nov 2023 10:00:00 +0000',
        direction: 'outbound-api',
        error_code: null,
        error_message: null,
        from: null,
        messaging_service_sid: 'MG0123456789abcdef0123456789abcdef',
        num_media: '0',
        num_segments: '0',
        price: null,
        price_unit: null,
        sid: 'SM0123456789abcdef0123456789abcdef',
        status: 'accepted',
        subresource_uris: { media: '/2010-04-01/Accounts/AC…/Messages/SM…/Media.json' },
        to: '+14155550100',
        uri: '/2010-04-01/Accounts/AC…/Messages/SM….json',
      },
      201,
    ),
    source: 'twilio-oai `spec/json/twilio_api_v2010.json`, example createWithMessagingService',
  },
  'aliyun-short-message-service': {
    success: json({ Code: 'OK', Message: 'OK', BizId: '900619746936498440^0', RequestId: 'F655A8D5-B967' }),
    refusal: {
      ...json({
        Code: 'isv.MOBILE_NUMBER_ILLEGAL',
        Message: 'The phone number is illegal.',
        RequestId: 'F655A8D5',
      }),
      reason: 'The phone number is illegal.',
    },
    error: {
      ...json(
        {
          Code: 'InvalidAccessKeyId.NotFound',
          Message: 'Specified access key is not found.',
          RequestId: 'F655A8D5',
          HostId: 'dysmsapi.aliyuncs.com',
          Recommend: 'https://api.aliyun.com/troubleshoot',
        },
        404,
      ),
      reason: 'Specified access key is not found.',
    },
    source: 'https://help.aliyun.com/document_detail/419273.html (SendSms), 101346 (error codes)',
  },
  'tencent-short-message-service': {
    success: json({
      Response: {
        SendStatusSet: [
          {
            SerialNo: '5000:1045710669157053657849499619',
            PhoneNumber: '+8618511122233',
            Fee: 1,
            SessionContext: '',
            Code: 'Ok',
            Message: 'send success',
            IsoCode: 'CN',
          },
        ],
        RequestId: 'a0aabda6-cf91-4f3e-a81f-9198114a2279',
      },
    }),
    refusal: {
      ...json({
        Response: {
          Error: { Code: 'AuthFailure.SecretIdNotFound', Message: 'The SecretId is not found.' },
          RequestId: 'a0aabda6',
        },
      }),
      reason: 'AuthFailure.SecretIdNotFound',
    },
    source: 'https://cloud.tencent.com/document/api/382/55981 (SendSms)',
  },
  'vonage-sms': {
    success: json({
      'message-count': '1',
      messages: [
        {
          to: '14155550100',
          'message-id': 'aaaaaaaa-bbbb-4ccc-8ddd-0123456789ab',
          status: '0',
          'remaining-balance': '3.14159265',
          'message-price': '0.03330000',
          network: '310090',
        },
      ],
    }),
    refusal: {
      ...json({ 'message-count': '1', messages: [{ status: '4', 'error-text': 'Bad Credentials' }] }),
      reason: 'Bad Credentials',
    },
    source: 'https://developer.vonage.com/en/api/sms (send-an-sms; a refusal is 200 with another status)',
  },
  'gatewayapi-sms': {
    success: json({ ids: [421332671], usage: { countries: { US: 1 }, currency: 'EUR', total_cost: 0.12 } }),
    error: {
      ...json(
        {
          code: '0x0216',
          incident_uuid: 'd8127429-fa0c-4316-b1f2-e610c3958f43',
          message: 'Forbidden',
          variables: [],
        },
        403,
      ),
      reason: '0x0216',
    },
    source: 'https://gatewayapi.com/docs/apis/rest/ (POST /rest/mtsms)',
  },
  'smsaero-short-message-service': {
    success: json({
      success: true,
      data: { id: 1, from: 'SMS Aero', number: '14155550100', text: '', status: 0, extendStatus: 'queue' },
      message: null,
    }),
    source: 'https://smsaero.ru/integration/documentation/api/ (sms/send)',
  },
  'yunpian-sms': {
    success: json({
      code: 0,
      msg: '发送成功',
      count: 1,
      fee: 0.05,
      unit: 'RMB',
      mobile: '13800138000',
      sid: 3310228982,
    }),
    error: {
      ...json(
        { http_status_code: 400, code: 5, msg: '未找到匹配的模板', detail: '未自动匹配到合适的模板' },
        400,
      ),
      reason: '未找到匹配的模板',
    },
    source: 'https://www.yunpian.com/official/document/sms/zh_cn/domestic_single_send',
  },
};

/** Endpoints of one's own (http-sms) and carriers nobody knows: an empty object with 200. */
export const anyAnswers: CarrierAnswers = { success: json({}), source: 'made up' };
